/** What the doctor finds. */

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string;
  /** `note`: worth knowing, stops nothing. `na`: means nothing on the emulator. */
  readonly state: 'ok' | 'note' | 'fail' | 'na';
  readonly message: string;
  /** The command that mends it, or what a person has to do. */
  readonly fix?: string;
}

/** Makes findings of one check. */
export function findings(check: string) {
  return {
    ok: (message: string): Finding => ({ check, state: 'ok', message }),
    note: (message: string, fix?: string): Finding => ({
      check,
      state: 'note',
      message,
      ...(fix !== undefined && { fix }),
    }),
    fail: (message: string, fix: string): Finding => ({ check, state: 'fail', message, fix }),
    na: (message: string): Finding => ({ check, state: 'na', message }),
  };
}
