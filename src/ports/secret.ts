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

/** Where secrets are that neither the environment nor a file beside hygge.yml has: `secrets` of hygge.yml, one of the first three. */
export interface VaultSettings {
  /** The address of an Azure Key Vault. */
  readonly key_vault?: string | undefined;
  /** The region of an AWS Secrets Manager. */
  readonly aws?: string | undefined;
  /** The project of a Google Secret Manager. */
  readonly google?: string | undefined;
  /** What every name begins with there. */
  readonly prefix?: string | undefined;
}

/** A vault by its settings, for people. */
export function vaultText({ key_vault, aws, google }: VaultSettings): string {
  if (key_vault !== undefined) return key_vault;
  return aws === undefined ? `Google Secret Manager (project ${google})` : `AWS Secrets Manager (${aws})`;
}

/** What the secret of a variable is called in a vault. Key Vault takes letters, digits and `-` only. */
export function secretNameOf(variable: string, { key_vault, prefix = '' }: VaultSettings): string {
  return `${prefix}${key_vault === undefined ? variable : variable.replaceAll('_', '-')}`;
}

/** What a vault answered for a name. */
export type SecretLookup =
  | { readonly secret: Secret; readonly version: string }
  /** It is there with no value to be used, or not there. `said`: by the vault, without a secret. */
  | { readonly lacks: 'unknown' | 'disabled' | 'empty' | 'not text' | 'no name'; readonly said: string };

/** Lives as long as the process: a name is looked up once, and what it was then it is for the whole run. */
export interface Vault {
  /** Throws ConnectionError HYG-6052, HYG-6055, HYG-6056, HYG-6402, HYG-6404 when the vault can't be asked, or does not let us. */
  lookUp(name: string): Promise<SecretLookup>;
}
