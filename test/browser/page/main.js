// A page that judges what is dropped on it: nothing leaves the browser.
import {
  checkCompatibility,
  createBlobSource,
  createCompatCode,
  describeError,
  parseTarget,
  readGpuCode,
  readImagePayload,
  resolveTarget,
} from 'llcuda/cuda';

const PTX_MAXIMUM_BYTES = 1 << 20;

const drop = document.querySelector('#drop');
drop.addEventListener('dragover', (event) => event.preventDefault());
drop.addEventListener('drop', async (event) => {
  event.preventDefault();
  const [file] = event.dataTransfer.files;
  const result = await judge(file).catch((error) => ({ error: describeError(error) }));
  document.querySelector('#ptx').textContent = result.ptx ?? '';
  document.querySelector('#verdict').textContent = JSON.stringify(result.verdict ?? result.error);
});

async function judge(file) {
  const text = document.querySelector('#target').value;
  const host = resolveTarget(parseTarget(text), text);
  const source = createBlobSource(file);
  const code = await readGpuCode(source);
  const verdict = checkCompatibility(createCompatCode(code), host);
  const image = code.fatbins[0].images.find(({ kind }) => kind === 'ptx');
  if (image === undefined) return { verdict };
  const bytes = await readImagePayload(source, image, { maximumBytes: PTX_MAXIMUM_BYTES });
  return { verdict, ptx: `${image.compression}\n${new TextDecoder().decode(bytes)}` };
}
