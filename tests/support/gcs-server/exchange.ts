import type { IncomingHttpHeaders } from 'node:http';

/** A request, whole. */
export interface Asked {
  readonly method: string;
  /** As it came, still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** `http://127.0.0.1:<port>`, as the client wrote it. */
  readonly origin: string;
}

export interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes, or what becomes JSON. */
  readonly body?: Buffer | object;
}

/** An answer that refuses, with the body that Google's APIs give it. */
export class Refusal extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }

  get answer(): Answered {
    const { status: code, reason, message } = this;
    return { status: code, body: { error: { code, message, errors: [{ message, domain: 'global', reason }] } } };
  }
}

/** A call, parameter or header that this server has not been taught: a test that meets one fails. */
export class NotTaught extends Error {}

export function only(query: URLSearchParams, ...known: readonly string[]): void {
  for (const name of query.keys()) if (!known.includes(name)) throw new NotTaught(`parameter ${name}`);
}

/** The part of a resource that `fields` selects: names with commas between, and `items(…)`. */
export function selected(resource: Readonly<Record<string, unknown>>, fields: string | null): Record<string, unknown> {
  if (fields === null) return { ...resource };
  const wanted = [...fields.matchAll(/([A-Za-z0-9]+)(?:\(([^)]*)\))?/g)];
  return Object.fromEntries(
    wanted.flatMap(([, name = '', inner]) => {
      const value = resource[name];
      if (value === undefined) return [];
      return [[name, inner !== undefined && Array.isArray(value) ? value.map((one) => selected(one, inner)) : value]];
    }),
  );
}
