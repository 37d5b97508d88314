import { asJson } from './requests.ts';

/** The requested properties of an object. https://cloud.google.com/storage/docs/json_api/v1/objects#resource */
export interface ObjectInfo {
  readonly name: string;
  readonly bytes: number;
  /** The generation of the content, which is new after every write. A text, because the number may be too large for a JavaScript number. */
  readonly generation: string;
  /** When this content was written, in ISO 8601. */
  readonly createdAt: string;
  /** The CRC-32C of the content, in base64. */
  readonly crc32c: string;
  /** The id of the write that made the object; undefined: another program made it. */
  readonly writtenBy: string | undefined;
}

/** The key of the metadata that names the write of an object; moves keep it. */
export const writeKey = 'hygge-write';

export const objectFields = 'name,size,generation,timeCreated,crc32c,metadata';
/** The properties that a listing of up to a thousand objects requests. */
export const listedFields = 'items(name,size,generation,timeCreated),nextPageToken';

interface Resource {
  readonly name?: string;
  readonly size?: string;
  readonly generation?: string;
  readonly timeCreated?: string;
  readonly crc32c?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The properties in an answer; undefined: the body does not describe an object. */
export function objectIn(body: Uint8Array): ObjectInfo | undefined {
  const resource = asJson(body);
  return typeof resource === 'object' && resource !== null ? objectOf(resource) : undefined;
}

function objectOf(resource: Resource): ObjectInfo | undefined {
  const { name, size, generation, timeCreated, crc32c = '', metadata } = resource;
  if (name === undefined || size === undefined || generation === undefined || timeCreated === undefined) return undefined;
  return { name, bytes: Number(size), generation, createdAt: timeCreated, crc32c, writtenBy: metadata?.[writeKey] };
}

export interface Page {
  readonly objects: readonly ObjectInfo[];
  readonly next: string | undefined;
}

export function pageIn(body: Uint8Array): Page {
  const { items = [], nextPageToken } = (asJson(body) ?? {}) as { items?: readonly Resource[]; nextPageToken?: string };
  return { objects: items.map(objectOf).filter((object) => object !== undefined), next: nextPageToken };
}

/** The addresses of one bucket. https://cloud.google.com/storage/docs/json_api */
export class ObjectUrls {
  readonly #api: string;
  readonly #bucket: string;
  readonly #query: Readonly<Record<string, string>>;

  /** @param project pays for requests, if the bucket's owner does not. */
  constructor(endpoint: string, bucket: string, project: string | undefined) {
    this.#api = endpoint;
    this.#bucket = `/storage/v1/b/${encodeURIComponent(bucket)}/o`;
    this.#query = project === undefined ? {} : { userProject: project };
  }

  list(query: Readonly<Record<string, string>>): string {
    return this.#with(this.#bucket, query);
  }

  object(key: string, query: Readonly<Record<string, string>> = {}): string {
    return this.#with(`${this.#bucket}/${encodeURIComponent(key)}`, query);
  }

  move(from: string, to: string, query: Readonly<Record<string, string>>): string {
    return this.#with(`${this.#bucket}/${encodeURIComponent(from)}/moveTo/o/${encodeURIComponent(to)}`, query);
  }

  upload(query: Readonly<Record<string, string>>): string {
    return this.#with(`/upload${this.#bucket}`, query);
  }

  #with(path: string, query: Readonly<Record<string, string>>): string {
    const search = new URLSearchParams({ ...this.#query, ...query }).toString();
    return `${this.#api}${path}${search === '' ? '' : `?${search}`}`;
  }
}
