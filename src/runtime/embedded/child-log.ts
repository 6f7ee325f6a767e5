const MAX_LINES = 20;

export interface ChildLog {
  add(message: string): void;
  clear(): void;
  lines(): string[];
}

/** The last lines that llama.cpp logged for the request at hand. */
export function createChildLog(): ChildLog {
  let lines: string[] = [];
  return {
    add: (message) => {
      const added = message.split('\n').map((line) => line.trim());
      lines = [...lines, ...added.filter(Boolean)].slice(-MAX_LINES);
    },
    clear: () => {
      lines = [];
    },
    lines: () => lines,
  };
}
