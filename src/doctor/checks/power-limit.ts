import type { Check } from '../check.ts';

/** Under this part of what the board may take, generation gets noticeably slower. */
const LOW_SHARE = 0.7;

export const powerLimitCheck: Check = {
  id: 'power-limit',
  title: 'Power limit and temperature',
  group: 'gpu',
  needs: ['driver', 'gpu'],
  run: ({ facts: { gpus } }) => {
    // Boards slow down from about 85 degrees on, and stop at some 95.
    const hot = gpus.find(({ temperatureCelsius = 0 }) => temperatureCelsius >= 85);
    if (hot !== undefined) {
      return {
        status: 'warn',
        summary: `GPU ${hot.index} has ${hot.temperatureCelsius} degrees Celsius: it slows itself down.`,
        fix: 'See to its cooling, or lower its power limit.',
        commands: [`nvidia-smi -i ${hot.index} -q -d TEMPERATURE,PERFORMANCE`],
      };
    }
    const throttled = gpus.find(({ power: { limitWatts, maximumLimitWatts } }) =>
      limitWatts !== undefined && maximumLimitWatts !== undefined
        ? limitWatts < maximumLimitWatts * LOW_SHARE
        : false,
    );
    if (throttled !== undefined) {
      const { limitWatts = 0, maximumLimitWatts = 0 } = throttled.power;
      return {
        status: 'warn',
        summary: `GPU ${throttled.index} is held to ${Math.round(limitWatts)} of ${Math.round(maximumLimitWatts)} W.`,
        fix: 'Raise the limit, if it is not meant so.',
        commands: [`sudo nvidia-smi -i ${throttled.index} -pl ${Math.round(maximumLimitWatts)}`],
      };
    }
    const limits = gpus.flatMap(({ power }) => power.limitWatts ?? []);
    if (limits.length === 0) return { status: 'skip', summary: 'Nothing tells the limit.' };
    return {
      status: 'ok',
      summary: `${limits.map((watts) => `${Math.round(watts)} W`).join(', ')}.`,
    };
  },
};
