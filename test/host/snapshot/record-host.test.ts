import { describe, expect, it } from 'vitest';
import { createDataHost } from '../../../src/host/create-data-host.ts';
import { createNodeHost } from '../../../src/host/create-node-host.ts';
import { createSnapshotHost } from '../../../src/host/snapshot/create-snapshot-host.ts';
import { parseSnapshot } from '../../../src/host/snapshot/parse-snapshot.ts';
import { recordHost } from '../../../src/host/snapshot/record-host.ts';

import { probeHost } from '../../../src/probe/probe-host.ts';

const secrets = {
  user: 'margarethe',
  host: 'labserver17',
  token: 'hf_AbCdEfGhIjKlMnOpQrStUv',
  uuid: '8932f937-d72c-4106-c12f-20bd9faed9f6',
  serial: '1324419051234',
  address: '10.31.7.22',
  mail: 'margarethe@example.org',
};

describe('recordHost', () => {
  it('keeps no name, number, address or token of anybody', async () => {
    const home = `/home/${secrets.user}`;
    const { host, createSnapshot } = recordHost(
      createDataHost({
        homeDirectory: home,
        workingDirectory: `${home}/work`,
        env: {
          PATH: `${home}/bin:/usr/bin`,
          USER: secrets.user,
          HOSTNAME: secrets.host,
          HF_TOKEN: secrets.token,
          HTTPS_PROXY: `http://${secrets.user}:pass@${secrets.address}:3128`,
          MY_PRIVATE_NOTE: secrets.mail,
          CUDA_VISIBLE_DEVICES: `GPU-${secrets.uuid}`,
        },
        files: {
          [`${home}/notes`]: `mail ${secrets.mail}, token ${secrets.token}, host ${secrets.host}`,
        },
        entries: { [`${home}/bin/llama-server`]: { realPath: `${home}/src/llama-server` } },
        commands: {
          'nvidia-smi -q -x': {
            stdout: `<serial>${secrets.serial}</serial><uuid>GPU-${secrets.uuid}</uuid> ${secrets.address}\nSerial Number : ${secrets.serial}\n`,
          },
        },
      }),
    );
    await host.readText(`${home}/notes`);
    await host.findEntry(`${home}/bin/llama-server`);
    await host.run('nvidia-smi', ['-q', '-x']);

    const snapshot = createSnapshot();

    const text = JSON.stringify(snapshot);
    for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
    // What refers to each other still does, and that a token is set is known.
    expect(snapshot.host.env['CUDA_VISIBLE_DEVICES']).toBe(
      'GPU-00000000-0000-0000-0000-000000000001',
    );
    expect(snapshot.commands['nvidia-smi -q -x']?.stdout).toContain(
      'GPU-00000000-0000-0000-0000-000000000001',
    );
    expect(snapshot.host.env['HF_TOKEN']).toBe('redacted');
    expect(snapshot.entries['/home/user/bin/llama-server']?.realPath).toBe(
      '/home/user/src/llama-server',
    );
    expect(snapshot.host.env).not.toHaveProperty('MY_PRIVATE_NOTE');
  });

  it('leaves versions that look like addresses', async () => {
    const path = '/proc/sys/kernel/osrelease';
    const { host, createSnapshot } = recordHost(
      createDataHost({ files: { [path]: '5.15.167.4-microsoft-standard-WSL2\n' } }),
    );
    await host.readText(path);

    expect(createSnapshot().files[path]).toBe('5.15.167.4-microsoft-standard-WSL2\n');
  });
});

describe('a recording of this machine', () => {
  it('can be read, and gives the same facts as often as it is replayed', async () => {
    const recording = recordHost(createNodeHost());
    const facts = await probeHost(recording.host);

    const snapshot = parseSnapshot(JSON.stringify(recording.createSnapshot()));
    const replayed = await probeHost(createSnapshotHost(snapshot));
    const again = await probeHost(createSnapshotHost(snapshot));

    expect(again).toEqual(replayed);
    const { tools, cLibrary, processor, gpus } = facts;
    expect(replayed).toMatchObject({
      cLibrary,
      processor,
      gpus: gpus.map(({ name }) => ({ name })),
    });
    expect(replayed.tools.map(({ version }) => version)).toEqual(
      tools.map(({ version }) => version),
    );
  });
});
