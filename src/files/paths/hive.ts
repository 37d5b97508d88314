/** Folders named `key=value`, in the partition layout of Hive, Spark and DuckDB: from values to names and back. */

/** The value in the folder name of rows without a value. */
const nullValue = '__HIVE_DEFAULT_PARTITION__';

export interface HivePair {
  readonly key: string;
  readonly value: string | null;
}

/** The name of a version’s folder in `layout: versioned`. It looks like `key=value`, but has no value of rows. */
const version = /^v=\d{20}$/;
const pair = /^([^=]+)=(.*)$/su;

/** The values in the folders of a path, from the outside in. */
export function hivePairs(path: string): readonly HivePair[] {
  const folders = path.split('/').slice(0, -1);
  return folders.flatMap((folder) => {
    const [, key, value] = version.test(folder) ? [] : (pair.exec(folder) ?? []);
    return key === undefined || value === undefined ? [] : [{ key: decoded(key), value: value === nullValue ? null : decoded(value) }];
  });
}

/** Whether a folder’s name has the form `key=value`. */
export function isHiveFolder(name: string): boolean {
  return pair.test(name);
}

/**
 * The folder of a value. Any value becomes one segment of a path, from which the same value is read. Characters with a meaning in
 * paths, patterns or URLs are percent-encoded. So are name endings that some systems drop, and texts that some readers read as null.
 * Letters of all scripts stay unchanged, because readers in Java decode each escape to one character.
 */
export function hiveFolder({ key, value }: HivePair): string {
  const name = encoded(key).replace(/^\./, percent);
  if (value === null) return `${name}=${nullValue}`;
  const folder = `${name}=${whole(encoded(value))}`;
  return version.test(folder) ? `${name}=${encoded(value).replace(/^./, percent)}` : folder;
}

function encoded(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get into a name
  return text.replace(/[\u0000-\u001f\u007f"#%'*/:=?\\{}[\]^<>|]/g, percent);
}

/** Encodes values that a reader would change: DuckDB reads `null` in upper or lower case as a null, and Windows drops dots and spaces at the end. */
function whole(value: string): string {
  const bare = value === nullValue || /^null$/i.test(value) ? value.replace(/^./, percent) : value;
  return bare.replace(/[. ]$/, percent);
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Escapes of UTF-8 bytes become characters; other text is left unchanged. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
