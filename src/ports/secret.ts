const hidden = '***';

/** A text that must never be seen: prints as `***` in logs, errors, JSON, templates and inspections. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself, for the one call that needs it. Never store or print it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [Symbol.toPrimitive](): string {
    return hidden;
  }

  // What console.log and util.inspect ask for; the symbol is registered, so nothing of Node is needed here.
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return hidden;
  }
}

/** Whether a key of the config holds, by its name, something that must not be seen. */
export function namesSecret(key: string): boolean {
  const name = key.toLowerCase().replaceAll('-', '_');
  // `credential` is only the kind of proof, and a file with a secret in it is found by a path that is none.
  if (name === 'credential' || /_(file|path)$/.test(name)) return false;
  // `key` alone is the watermark's list of columns, and `key_columns` are columns too.
  return /webhook|password|passwd|passphrase|secret|token|credential|connection_?string|service_account_json|(^|_)sas(_|$)|(api|access|account|private|shared|storage|encryption)_?key$/.test(
    name,
  );
}
