import type { Check } from '../check.ts';

export const proxyCheck: Check = {
  id: 'proxy',
  title: 'Proxy',
  group: 'store',
  run: ({ facts: { environment } }) => {
    const names = Object.keys(environment.variables);
    const proxy = names.find((name) => /^(?:https?|all)_proxy$/i.test(name));
    if (proxy === undefined) return { status: 'ok', summary: 'None is set.' };
    const without = names
      .filter((name) => /^no_proxy$/i.test(name))
      .map((name) => environment.variables[name] ?? '')
      .join(',');
    const isLocalLeftOut = /(?:^|[,\s])(?:\*|localhost|127\.0\.0\.\d+|redacted)(?:$|[,\s:/])/.test(
      without,
    );
    if (isLocalLeftOut)
      return { status: 'ok', summary: `${proxy} is set, and not for this machine.` };
    return {
      status: 'warn',
      summary: `${proxy} is set for this machine, too: clients may ask the proxy for llama-server.`,
      fix: 'Leave this machine out of it.',
      commands: ['export NO_PROXY="localhost,127.0.0.1${NO_PROXY:+,$NO_PROXY}"'],
    };
  },
};
