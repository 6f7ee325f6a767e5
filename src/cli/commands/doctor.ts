import { LlcudaError } from '../../errors/llcuda-error.ts';
import { defineCommand, type AnyCommand, type FlagValues } from '../command.ts';
import type { Diagnosis } from '../doctor/diagnose.ts';
import { formatDoctor } from '../output/format-doctor.ts';
import { formatDoctorMarkdown } from '../output/format-doctor-markdown.ts';

const flags = {
  only: {
    type: 'list',
    placeholder: 'id',
    summary: 'report this check; may be given again',
  },
  strict: { type: 'boolean', summary: 'exit code 1 for warnings, too' },
  markdown: { type: 'boolean', summary: 'print a report for an issue, without names and tokens' },
  snapshot: {
    type: 'string',
    placeholder: 'file',
    summary: 'also write what was seen of this machine, without names and tokens',
  },
  from: {
    type: 'string',
    placeholder: 'file',
    summary: 'diagnose the machine of a snapshot, not this one',
  },
} as const;

export const doctorCommand: AnyCommand = defineCommand({
  name: 'doctor',
  summary: 'tell what this machine is, what will run on it, and how to mend what is wrong',
  arguments: [],
  flags,
  examples: [
    { line: 'llcuda doctor', does: 'the problems, and one verdict; exit code 1 if a check failed' },
    { line: 'llcuda doctor --markdown', does: 'a report to paste into an issue' },
    { line: 'llcuda doctor --only libcuda --only torch', does: 'some checks, in full' },
    { line: 'llcuda doctor --snapshot host.json', does: 'what was seen, as a file' },
    { line: 'llcuda doctor --from host.json', does: 'the same report, on any machine' },
  ],
  run: async ({ flags: values }, context): Promise<Diagnosis> => {
    checkCombination(values, context.isJson);
    const { diagnose } = await import('../doctor/diagnose.ts');
    return diagnose(values, context);
  },
  document: ({ report }) => report,
  render: (diagnosis, theme) =>
    diagnosis.isMarkdown
      ? formatDoctorMarkdown(diagnosis.report)
      : formatDoctor(diagnosis.report, { ...diagnosis, theme }),
  exitCode: ({ report: { counts }, isStrict }) =>
    counts.fail > 0 || (isStrict && counts.warn > 0) ? 1 : 0,
});

function checkCombination(values: FlagValues<typeof flags>, isJson: boolean): void {
  if (values.markdown === true && isJson) throw conflict('--markdown', '--json');
  if (values.snapshot !== undefined && values.from !== undefined) {
    throw conflict('--snapshot', '--from');
  }
}

function conflict(flag: string, other: string): LlcudaError {
  return new LlcudaError('USAGE_INVALID', `${flag} does not go together with ${other}`, {
    detail: { argument: other },
    hint: 'Give them in two runs.',
  });
}
