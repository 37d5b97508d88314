import { hash } from 'node:crypto';
import { asWritten, crc32c as checksumOf } from '../../../src/filesystems/gcs/crc32c.ts';
import { Refusal } from './exchange.ts';

export interface Stored {
  readonly name: string;
  readonly body: Buffer;
  readonly generation: string;
  readonly createdAt: string;
  readonly crc32c: string;
  readonly md5Hash: string;
  readonly contentType: string;
  readonly cacheControl: string | undefined;
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

/** What is written, and what the writer says of it. */
export interface Written {
  readonly name: string;
  readonly body: Buffer;
  readonly crc32c?: string | undefined;
  readonly contentType?: string | undefined;
  readonly cacheControl?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

export const preconditionFailed = () =>
  new Refusal(412, 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.');

/** The objects of a bucket without versioning. Every write is another generation. */
export class Bucket {
  readonly name: string;
  readonly objects = new Map<string, Stored>();
  #generation = 1_731_000_000_000_000n;

  constructor(name: string) {
    this.name = name;
  }

  write(written: Written, ifGenerationMatch: string | null): Stored {
    this.mustMatch(written.name, ifGenerationMatch);
    if (Buffer.byteLength(written.name) > 1024) throw new Refusal(400, 'invalid', 'The maximum object length is 1024 characters.');
    const crc32c = asWritten(checksumOf(written.body));
    if (written.crc32c !== undefined && written.crc32c !== crc32c)
      throw new Refusal(400, 'invalid', `Provided CRC32C "${written.crc32c}" doesn't match calculated CRC32C "${crc32c}".`);
    const { name, body, contentType = 'application/octet-stream', cacheControl, metadata } = written;
    const stored = { name, body, crc32c, contentType, cacheControl, metadata, md5Hash: hash('md5', body, 'base64'), ...this.#stamp() };
    this.objects.set(name, stored);
    return stored;
  }

  move(from: string, to: string, { source, target }: { readonly source: string | null; readonly target: string | null }): Stored {
    const moved = this.read(from);
    this.mustMatch(from, source);
    this.mustMatch(to, target);
    const stored = { ...moved, name: to, ...this.#stamp() };
    this.objects.delete(from);
    this.objects.set(to, stored);
    return stored;
  }

  remove(name: string, ifGenerationMatch: string | null): void {
    this.read(name);
    this.mustMatch(name, ifGenerationMatch);
    this.objects.delete(name);
  }

  read(name: string): Stored {
    const stored = this.objects.get(name);
    if (stored === undefined) throw new Refusal(404, 'notFound', `No such object: ${this.name}/${name}`);
    return stored;
  }

  /** 0: there is none. */
  mustMatch(name: string, generation: string | null): void {
    if (generation !== null && (this.objects.get(name)?.generation ?? '0') !== generation) throw preconditionFailed();
  }

  /** Names that start with `prefix`, in the order of their bytes. */
  names(prefix: string): readonly string[] {
    const names = [...this.objects.keys()].filter((name) => name.startsWith(prefix));
    return names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  #stamp() {
    this.#generation += 1n;
    return { generation: String(this.#generation), createdAt: new Date(Number(this.#generation / 1000n)).toISOString() };
  }
}

export function resourceOf(bucket: Bucket, stored: Stored): Record<string, unknown> {
  const { name, body, generation, createdAt, crc32c, md5Hash, contentType, metadata } = stored;
  return {
    kind: 'storage#object',
    id: `${bucket.name}/${name}/${generation}`,
    name,
    bucket: bucket.name,
    generation,
    metageneration: '1',
    contentType,
    size: String(body.length),
    crc32c,
    md5Hash,
    timeCreated: createdAt,
    updated: createdAt,
    ...(metadata === undefined ? {} : { metadata }),
  };
}
