/**
 * The registry name of the model that `run` and `chat` use when none is named. On a processor this is
 * the smallest one that answers questions: it is fetched in seconds (98 MB) and answers at reading
 * speed on two cores. Servers with a GPU choose a larger one.
 */
export function chooseDefaultModel(): string {
  return 'smollm2-135m';
}
