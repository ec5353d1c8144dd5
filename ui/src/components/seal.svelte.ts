/** Whether a file that leaves the clinic is sealed, and with which passphrase. */
export class Seal {
  sealed = $state(true);
  passphrase = $state("");
  repeat = $state("");

  /** What must not be empty. */
  get needed(): Record<string, string> {
    return this.sealed ? { passphrase: this.passphrase, passphrase_repeat: this.repeat } : {};
  }

  /** As the core is asked. */
  get asked(): { passphrase: string | null; passphrase_repeat: string | null } {
    return this.sealed
      ? { passphrase: this.passphrase, passphrase_repeat: this.repeat }
      : { passphrase: null, passphrase_repeat: null };
  }

  forget(): void {
    this.passphrase = "";
    this.repeat = "";
  }
}
