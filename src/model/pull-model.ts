import { basename, resolve } from 'node:path';
import type { FetchedModel } from './fetch-once.ts';
import { checkGgufHeader } from './check-gguf-header.ts';
import { requireRegistryEntry } from './find-registry-entry.ts';
import { loadRegistry } from './load-registry.ts';
import { parseModelReference } from './model-reference.ts';
import {
  resolveModelServices,
  type ModelServiceOptions,
  type ModelServices,
} from './model-services.ts';
import { pullEntry } from './pull-entry.ts';
import { pullHubFile } from './pull-hub-file.ts';
import { pullUrl } from './pull-url.ts';
import type { RegistryEntry } from './registry-entry.ts';

export interface PulledModel extends FetchedModel {
  /** What to call it: the registry name, else the file name. */
  readonly name: string;
  /** The registry's entry, for a model of the registry. */
  readonly entry: RegistryEntry | undefined;
}

/**
 * Makes sure that a model is on this machine, whatever the reference: a path, a registry name,
 * `hf:owner/repo:file.gguf`, `owner/repo:file.gguf` or an https URL. What is fetched is checked before
 * it gets its name, and fetched once however many processes ask.
 *
 * Throws `MODEL_REFERENCE_INVALID`, `MODEL_UNKNOWN`, `MODEL_FILE_NOT_FOUND`, `MODEL_FILE_INVALID`,
 * `MODEL_UNAVAILABLE`, `DOWNLOAD_*`, `PACKAGE_FETCH_FAILED`, `DISK_FULL`, `STORE_NOT_WRITABLE`.
 */
export async function pullModel(
  reference: string,
  options: ModelServiceOptions = {},
): Promise<PulledModel> {
  options.signal?.throwIfAborted();
  const services = resolveModelServices(options);
  const model = await pull(reference, services);
  await checkGgufHeader(model.path);
  return model;
}

async function pull(text: string, services: ModelServices): Promise<PulledModel> {
  const reference = parseModelReference(text);
  switch (reference.kind) {
    case 'path': {
      const path = resolve(services.host.workingDirectory, reference.path);
      return { path, wasPresent: true, name: basename(path), entry: undefined };
    }
    case 'name': {
      const entry = requireRegistryEntry(await loadRegistry(), reference.name);
      return { ...(await pullEntry(entry, services)), name: entry.name, entry };
    }
    case 'hub': {
      const fetched = await pullHubFile(reference, services);
      return { ...fetched, name: basename(fetched.path), entry: undefined };
    }
    case 'url': {
      const fetched = await pullUrl(reference, services);
      return { ...fetched, name: basename(fetched.path), entry: undefined };
    }
    default:
      return reference satisfies never;
  }
}
