import { LlcudaError } from '../errors/llcuda-error.ts';
import { stripControlCharacters } from '../units/strip-control-characters.ts';

/** Characters of a name that a message shows. */
const SHOWN_NAME_LENGTH = 200;

/** `ARCHIVE_UNSAFE`: an entry that no honest bundle has. */
export function unsafeEntry(name: string, reason: string): LlcudaError<'ARCHIVE_UNSAFE'> {
  const entry = stripControlCharacters(name).slice(0, SHOWN_NAME_LENGTH);
  return new LlcudaError(
    'ARCHIVE_UNSAFE',
    `Refusing the archive for its entry ${entry}: ${reason}`,
    {
      detail: { entry, reason },
      hint: 'Do not use this archive: nothing of it was installed. Get it again from where it was published.',
    },
  );
}
