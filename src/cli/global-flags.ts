/** Flags that every command takes, always with the same meaning. */
export const globalFlags = {
  json: { type: 'boolean', summary: 'print the result, or the error, as one JSON document' },
  quiet: { type: 'boolean', summary: 'print nothing but the result and errors' },
  verbose: { type: 'boolean', summary: 'print all that is known, also about an error' },
  noColor: { type: 'boolean', summary: 'print without colour' },
} as const;
