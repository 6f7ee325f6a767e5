import type * as koffiModule from 'koffi';

/** Calls C functions; an optional dependency. */
export type Koffi = typeof koffiModule;

/** Loads koffi, or says why it cannot be. It is a native module: only for a process of its own. */
export async function loadKoffi(): Promise<
  { readonly koffi: Koffi } | { readonly unavailable: string }
> {
  try {
    const loaded = await import('koffi');
    return { koffi: loaded };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { unavailable: message.split('\n')[0] ?? message };
  }
}
