/** What long work reports instead of printing. The caller decides what people see of it. */
export type ProgressEvent =
  | {
      readonly type: 'transfer';
      /** What is being moved, such as a file name. */
      readonly label: string;
      readonly doneBytes: number;
      /** Absent when the other side does not say. */
      readonly totalBytes?: number | undefined;
    }
  | {
      readonly type: 'work';
      /** What is being done to each of them. */
      readonly label: string;
      readonly done: number;
      readonly total: number;
      /** From the speed so far. */
      readonly remainingMs?: number | undefined;
    }
  /** A step has begun that takes more than a moment. */
  | { readonly type: 'step'; readonly message: string }
  /** Something the user should know that is no failure: a source was skipped, a lock is waited for. */
  | { readonly type: 'notice'; readonly message: string };

export type ProgressSink = (event: ProgressEvent) => void;
