import type { FailedMessage } from './protocol.ts';

/** A failure that the child process can name for its parent. */
export class ChildFailure extends Error {
  readonly reason: FailedMessage['reason'];

  constructor(reason: FailedMessage['reason']) {
    super(reason.code);
    this.reason = reason;
  }
}
