const hidden = '***';

/** A secret text. A secret is shown as `***` in logs, errors, JSON, templates and inspections. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns the text, for the one call that needs it. Never store or print the text. */
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

  // Called by console.log and util.inspect. The symbol is in the global registry, so this file needs no import from Node.
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return hidden;
  }
}

/** Whether the name of a config key shows that its value is a secret. */
export function namesSecret(key: string): boolean {
  const name = key.toLowerCase().replaceAll('-', '_');
  // These keys are not secret: `credential` names only the kind of credential. The path of a file with a secret is no secret, and neither is the address that issues tokens.
  if (name === 'credential' || name === 'token_url' || /_(file|path)$/.test(name)) return false;
  // `key` alone is the watermark’s list of columns, and `key_columns` are columns too, so both are not secret.
  return /webhook|heartbeat|fail_url|password|passwd|passphrase|secret|token|credential|connection_?string|service_account_json|(^|_)sas(_|$)|(api|access|account|private|shared|storage|encryption)_?key$/.test(
    name,
  );
}

/** Keys whose members set values of each request, such as headers. Any member may be a credential, whatever its name. */
const sent: ReadonlySet<string> = new Set(['headers', 'params']);

/**
 * Whether a variable at this path of the config holds a secret. @param path the keys from the top, with positions in lists. @param variable the variable’s
 * name. @param shown the variables in `shown` of hygge.yml, which are not secret in a header, a parameter or `api_key`. Absent: none.
 */
export function isSecretPlace(path: readonly string[], variable = '', shown?: ReadonlySet<string>): boolean {
  const keys = path.filter((key) => !/^\d+$/.test(key));
  const last = keys.at(-1) ?? '';
  if (last === 'api_key' || keys.slice(0, -1).some((key) => sent.has(key))) return shown?.has(variable) !== true;
  return last === 'notify' || keys.includes('heartbeat') || namesSecret(last);
}

/** The vault for secrets that are neither in the environment nor in a file next to hygge.yml: `secrets` of hygge.yml, with one of the first three keys. */
export interface VaultSettings {
  /** The address of an Azure Key Vault. */
  readonly key_vault?: string | undefined;
  /** The region of an AWS Secrets Manager. */
  readonly aws?: string | undefined;
  /** The project of a Google Secret Manager. */
  readonly google?: string | undefined;
  /** The prefix of every name in the vault. */
  readonly prefix?: string | undefined;
}

/** The name of a vault for people. */
export function vaultText({ key_vault, aws, google }: VaultSettings): string {
  if (key_vault !== undefined) return key_vault;
  return aws === undefined ? `Google Secret Manager (project ${google})` : `AWS Secrets Manager (${aws})`;
}

/** The name of a variable's secret in a vault. Key Vault accepts only letters, digits and `-`. */
export function secretNameOf(variable: string, { key_vault, prefix = '' }: VaultSettings): string {
  return `${prefix}${key_vault === undefined ? variable : variable.replaceAll('_', '-')}`;
}

/** A vault's answer for a name. */
export type SecretLookup =
  | { readonly secret: Secret; readonly version: string }
  /** The vault has no usable value of that name. `said`: the vault's words, without a secret. */
  | { readonly lacks: 'unknown' | 'disabled' | 'empty' | 'not text' | 'no name'; readonly said: string };

/** A vault that lives as long as the process. A name is looked up once, so its value is the same during the whole run. */
export interface Vault {
  /** Throws ConnectionError HYG-6052, HYG-6055, HYG-6056, HYG-6402, HYG-6404 when the vault can't be reached or refuses the request. */
  lookUp(name: string): Promise<SecretLookup>;
}
