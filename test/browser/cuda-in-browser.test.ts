import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCudaError } from '../../src/compat/cuda-errors.ts';
import { readRecordedLoads, recordedTarget, truthFixture } from '../support/cuda-truth.ts';
import { serve, type LoopbackServer } from '../support/serve.ts';
import {
  createTemporaryDirectory,
  type TemporaryDirectory,
} from '../support/temporary-directory.ts';

/** Of Debian's package `chromium`. */
const executablePath = '/usr/bin/chromium';

const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe.skipIf(!existsSync(executablePath))('llcuda/cuda in a browser', () => {
  let site: TemporaryDirectory;
  let server: LoopbackServer;
  let browser: Browser;
  let page: Page;
  const failures: string[] = [];

  beforeAll(async () => {
    site = await createTemporaryDirectory();
    await bundlePage(site.path);
    server = await serveFolder(site.path);
    browser = await chromium.launch({ executablePath, args: chromiumArguments });
    page = await browser.newPage();
    page.on('pageerror', (error) => failures.push(error.message));
    await page.goto(`${server.url}/index.html`);
    await page.fill('#target', recordedTarget);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    await site?.[Symbol.asyncDispose]();
  });

  it('judges every recorded fatbin that is dropped on a page as the GPU did', async () => {
    const loads = readRecordedLoads('default');

    const results = [];
    for (const { path, load } of loads) {
      const { verdict } = await dropFile(page, path);
      results.push({ path, load, verdict: toLoad(verdict) });
    }

    expect(results.filter(({ load, verdict }) => load !== verdict)).toEqual([]);
    expect({ loads: results.length, failures }).toEqual({ loads: 213, failures: [] });
  });

  it('decodes PTX that is compressed with zstd', async () => {
    const { verdict, ptx } = await dropFile(page, truthFixture('base/mode_size_ptx75'));

    expect(verdict).toMatchObject({ outcome: 'jit', cudaError: null });
    expect(ptx).toMatch(/^zstd\n/);
    expect(ptx).toContain('.target sm_75');
    expect(ptx).toContain('.visible .entry probe');
  });

  it('names what is wrong with a file that holds no GPU code', async () => {
    const { verdict } = await dropFile(page, fileURLToPath(import.meta.url));

    expect(verdict).toMatchObject({ code: 'BINARY_UNSUPPORTED' });
  });
});

interface Judged {
  readonly verdict: { readonly outcome?: string; readonly cudaError?: number | null };
  readonly ptx: string;
}

/** Drops a file on the page as a user does, and waits for what it shows. */
async function dropFile(page: Page, path: string): Promise<Judged> {
  const content = (await readFile(path)).toString('base64');
  const dataTransfer = await page.evaluateHandle(transferScript(basename(path), content));
  await page.dispatchEvent('#drop', 'drop', { dataTransfer });
  await page.waitForFunction('document.querySelector("#verdict").textContent !== ""');
  const [verdict = '', ptx = ''] = await page.locator('pre').allTextContents();
  return { verdict: JSON.parse(verdict), ptx };
}

/** Runs in the page, so it is text: the types of a browser are none of this project's. */
function transferScript(name: string, base64: string): string {
  return `(() => {
    const bytes = Uint8Array.from(atob('${base64}'), (character) => character.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], ${JSON.stringify(name)}));
    document.querySelector('#verdict').textContent = '';
    return transfer;
  })()`;
}

function toLoad({ outcome, cudaError }: Judged['verdict']): string {
  if (outcome !== 'fail') return 'CUDA_SUCCESS';
  return String(findCudaError(cudaError ?? 0)?.driverName);
}

/** Bundles the page with `llcuda/cuda` as it is published. Anything of Node in it fails the build. */
async function bundlePage(directory: string): Promise<void> {
  await build({
    root: fileURLToPath(new URL('page/', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { 'llcuda/cuda': fileURLToPath(import.meta.resolve('llcuda/cuda')) } },
    build: {
      outDir: directory,
      emptyOutDir: true,
      rollupOptions: {
        onwarn(warning) {
          throw new Error(warning.message);
        },
      },
    },
  });
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
};

async function serveFolder(directory: string): Promise<LoopbackServer> {
  const send = async (url: string, response: ServerResponse): Promise<void> => {
    const path = join(directory, new URL(url, 'http://localhost').pathname);
    const content = await readFile(path);
    response.writeHead(200, { 'content-type': contentTypes[extname(path)] }).end(content);
  };
  return serve((request, response) => {
    send(request.url ?? '/', response).catch(() => response.writeHead(404).end());
  });
}
