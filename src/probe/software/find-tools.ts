import { dirname, join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { askProgram, type AskOptions } from '../ask-program.ts';
import type { ToolFacts, ToolName } from '../facts/tool-facts.ts';
import { findProgram } from './find-program.ts';
import { parseToolVersion } from './parse-tool-version.ts';

/** Python and nvcc are looked at elsewhere, with what else they tell. */
const askedTools: readonly ToolName[] = [
  'cmake',
  'ninja',
  'make',
  'gcc',
  'g++',
  'clang',
  'ccache',
  'sccache',
  'git',
];

/** Programs of a build, with their versions. They are asked at the same time. */
export async function findTools(
  host: Host,
  options: AskOptions = {},
): Promise<readonly ToolFacts[]> {
  const [npm, ...tools] = await Promise.all([
    findNpm(host),
    ...askedTools.map(async (name) => findTool(host, name, options)),
  ]);
  return [...tools, npm];
}

async function findTool(host: Host, name: ToolName, options: AskOptions): Promise<ToolFacts> {
  const path = await findProgram(host, name);
  if (path === undefined) return { name, path, version: undefined };
  const { stdout } = await askProgram(host, [path, '--version'], options);
  return { name, path, version: parseToolVersion(stdout) };
}

/** npm takes a fifth of a second to say what is in the file beside it. */
async function findNpm(host: Host): Promise<ToolFacts> {
  const path = await findProgram(host, 'npm');
  const realPath = path === undefined ? undefined : (await host.findEntry(path))?.realPath;
  if (path === undefined || realPath === undefined) {
    return { name: 'npm', path, version: undefined };
  }
  const text = await host.readText(join(dirname(dirname(realPath)), 'package.json'));
  const version = /^\s{0,8}"version":\s?"(\d{1,4}(?:\.\d{1,4}){2})"/m.exec(text ?? '')?.[1];
  return { name: 'npm', path, version };
}
