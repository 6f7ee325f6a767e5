/** What Ctrl+C does: it aborts `signal`, unless a command put a handler of its own on top. */
export interface Interrupts {
  readonly signal: AbortSignal;
  /** Ctrl+C: calls the newest handler, else aborts. */
  trigger(): void;
  /** Aborts, whatever handlers there are. */
  abort(): void;
  /** Handles Ctrl+C from now on, until the returned function is called. */
  handle(handler: () => void): () => void;
}

export function createInterrupts(): Interrupts {
  const controller = new AbortController();
  const handlers: (() => void)[] = [];
  const abort = (): void => controller.abort(new DOMException('Interrupted', 'AbortError'));
  return {
    signal: controller.signal,
    abort,
    trigger: () => (handlers.at(-1) ?? abort)(),
    handle(handler) {
      handlers.push(handler);
      return () => {
        const index = handlers.indexOf(handler);
        if (index !== -1) handlers.splice(index, 1);
      };
    },
  };
}
