/** Collations by name: the five bytes that stand for them on the wire, and how a char or varchar of them is encoded. */
const collations = {
  SQL_Latin1_General_CP1_CI_AS: { bytes: '0904d00034', encoding: 'windows-1252' },
  Latin1_General_CI_AS: { bytes: '0904d00000', encoding: 'windows-1252' },
  Latin1_General_BIN2: { bytes: '0904000200', encoding: 'windows-1252' },
  Latin1_General_100_CI_AS_SC_UTF8: { bytes: '0904d02400', encoding: 'utf-8' },
  Latin1_General_100_BIN2_UTF8: { bytes: '0904002600', encoding: 'utf-8' },
  Polish_CI_AS: { bytes: '1504d00000', encoding: 'windows-1250' },
  Cyrillic_General_CI_AS: { bytes: '1904d00000', encoding: 'windows-1251' },
  Greek_CI_AS: { bytes: '0804d00000', encoding: 'windows-1253' },
  Turkish_CI_AS: { bytes: '1f04d00000', encoding: 'windows-1254' },
  Japanese_CI_AS: { bytes: '1104d00000', encoding: 'shift_jis' },
  Chinese_PRC_CI_AS: { bytes: '0408d00000', encoding: 'gbk' },
} as const satisfies Record<string, { readonly bytes: string; readonly encoding: string }>;

export type CollationName = keyof typeof collations;
export const databaseCollation: CollationName = 'SQL_Latin1_General_CP1_CI_AS';

export const isCollation = (name: string): name is CollationName => name in collations;
export const collationBytes = (name: CollationName): Buffer => Buffer.from(collations[name].bytes, 'hex');

/** What a client sent; one that is not listed is taken for the database's. */
export function collationNamed(bytes: Buffer): CollationName {
  const hex = bytes.toString('hex');
  return (Object.keys(collations) as CollationName[]).find((name) => collations[name].bytes === hex) ?? databaseCollation;
}

const encoders = new Map<string, ReadonlyMap<string, Buffer>>();

/** Node decodes every code page and encodes none: what each one or two bytes mean, turned around. */
function charactersOf(encoding: string): ReadonlyMap<string, Buffer> {
  const known = encoders.get(encoding);
  if (known) return known;
  const decoder = new TextDecoder(encoding, { fatal: true });
  const found = new Map<string, Buffer>();
  const learn = (bytes: Buffer): void => {
    try {
      const text = decoder.decode(bytes);
      if ([...text].length === 1 && !found.has(text)) found.set(text, bytes);
    } catch {
      // No character has these bytes.
    }
  };
  for (let one = 0; one < 256; one++) learn(Buffer.from([one]));
  if (!encoding.startsWith('windows')) {
    for (let one = 0x81; one < 0xff; one++) for (let two = 0x40; two < 0xff; two++) learn(Buffer.from([one, two]));
  }
  encoders.set(encoding, found);
  return found;
}

/** As the server stores it: what the code page lacks is a question mark. */
export function encodeChars(text: string, collation: CollationName): Buffer {
  const { encoding } = collations[collation];
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  const characters = charactersOf(encoding);
  return Buffer.concat(Array.from(text, (character) => characters.get(character) ?? Buffer.from('?')));
}

export const decodeChars = (bytes: Buffer, collation: CollationName): string =>
  new TextDecoder(collations[collation].encoding, { ignoreBOM: true }).decode(bytes);
