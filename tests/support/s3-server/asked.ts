/** A request, read whole. */
export interface Asked {
  readonly method: string;
  /** As it was sent, still encoded; without the query. */
  readonly rawPath: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** An error as S3 words it: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, more: Readonly<Record<string, string>> = {}, headers: Readonly<Record<string, string>> = {}) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
    this.more = more;
    this.headers = headers;
  }
}

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export const tag = (name: string, inside: string | number | boolean): string => `<${name}>${inside}</${name}>`;

export function errorBody({ code, more }: Pick<Refused, 'code' | 'more'>): string {
  const others = Object.entries(more).map(([name, text]) => tag(name, escaped(text)));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${tag('Code', code)}${tag('Message', `So says the test: ${code}.`)}${others.join('')}</Error>`;
}

export const document = (name: string, inside: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside}</${name}>`;

export function asked(method: string, url: string, headers: Asked['headers'], body: Buffer): Asked {
  const [rawPath = '', search = ''] = url.split('?', 2);
  const [bucket = '', ...key] = rawPath.slice(1).split('/');
  const query = new Map([...new URLSearchParams(search)]);
  return { method, rawPath, bucket: decodeURIComponent(bucket), key: decodeURIComponent(key.join('/')), query, headers, body };
}
