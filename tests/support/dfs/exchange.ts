import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Storage answers at two addresses of one account: the tree (`dfs`) and the flat view of it (`blob`). */
export type Door = 'dfs' | 'blob';

export interface Asked {
  readonly door: Door;
  readonly method: string;
  readonly host: string;
  readonly account: string;
  /** As it is on the wire, encoded, without the query. */
  readonly rawPath: string;
  /** '' : the account itself. */
  readonly filesystem: string;
  /** Decoded, without slashes at its ends; '' is the root. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

const says = {
  AuthenticationFailed: [
    403,
    'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.',
  ],
  AuthorizationFailure: [403, 'This request is not authorized to perform this operation.'],
  AuthorizationPermissionMismatch: [403, 'This request is not authorized to perform this operation using this permission.'],
  BlobAlreadyExists: [409, 'The specified blob already exists.'],
  BlobNotFound: [404, 'The specified blob does not exist.'],
  ConditionNotMet: [412, 'The condition specified using HTTP conditional header(s) is not met.'],
  ContainerNotFound: [404, 'The specified container does not exist.'],
  ContentLengthMustBeZero: [400, 'The Content-Length request header must be zero.'],
  DirectoryNotEmpty: [409, 'The recursive query parameter value must be true to delete a non-empty directory.'],
  FilesystemNotFound: [404, 'The specified filesystem does not exist.'],
  InvalidAuthenticationInfo: [
    401,
    'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.',
  ],
  InvalidFlushOperation: [
    409,
    'The resource was created or modified by the Blob Service API and cannot be written to by the Data Lake Storage Service API.',
  ],
  InvalidFlushPosition: [
    400,
    'The uploaded data is not contiguous or the position query parameter value is not equal to the length of the file after appending the uploaded data.',
  ],
  InvalidHeaderValue: [400, 'The value for one of the HTTP headers is not in the correct format.'],
  InvalidQueryParameterValue: [400, 'Value for one of the query parameters specified in the request URI is invalid.'],
  InvalidRange: [416, 'The range specified is invalid for the current size of the resource.'],
  InvalidRenameSourcePath: [
    409,
    'The source directory cannot be the same as the destination directory, nor can the destination be a subdirectory of the source directory.',
  ],
  InvalidResourceName: [400, 'The specified resource name contains invalid characters.'],
  InvalidSourceOrDestinationResourceType: [409, 'The source and destination resource type must be identical.'],
  InvalidSourceUri: [400, 'The source URI is invalid.'],
  InvalidUri: [400, 'The request URI is invalid.'],
  Md5Mismatch: [400, 'The MD5 value specified in the request did not match with the MD5 value calculated by the server.'],
  MissingRequiredHeader: [400, "An HTTP header that's mandatory for this request is not specified."],
  MissingRequiredQueryParameter: [400, "A query parameter that's mandatory for this request is not specified."],
  NoAuthenticationInformation: [
    401,
    'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.',
  ],
  PathAlreadyExists: [409, 'The specified path already exists.'],
  PathConflict: [409, 'The specified path, or an element of the path, exists and its resource type is invalid for this operation.'],
  PathNotFound: [404, 'The specified path does not exist.'],
  RenameDestinationParentPathNotFound: [404, 'The parent directory of the destination path does not exist.'],
  ResourceTypeMismatch: [409, 'The resource type specified in the request does not match the type of the resource.'],
  SourceConditionNotMet: [412, 'The source condition specified using HTTP conditional header(s) is not met.'],
  SourcePathNotFound: [404, 'The source path for a rename operation does not exist.'],
} as const satisfies Record<string, readonly [number, string]>;

export type Code = keyof typeof says;

/** What the service answers in place of what was asked. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: string, status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.headers = headers;
  }
}

export function refuse(code: Code, more: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {}): Refusal {
  const [status, message] = says[code];
  return new Refusal(code, more.status ?? status, message, more.headers);
}

/** Something this server does not do. It is never passed over in silence: the test fails of it. */
export class NotDone extends Error {}

/** An error's body is JSON at the tree's door and XML at the other; HEAD and 304 have none. */
export function refusalAnswer({ door, method }: Pick<Asked, 'door' | 'method'>, { code, status, message, headers }: Refusal): Answer {
  const text = `${message}\nRequestId:${randomUUID()}\nTime:${new Date().toISOString()}`;
  const bare = method === 'HEAD' || status === 304;
  const json = { 'content-type': 'application/json;charset=utf-8' };
  const xml = { 'content-type': 'application/xml' };
  const body =
    door === 'dfs'
      ? JSON.stringify({ error: { code, message: text } })
      : `\ufeff<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${escapeXml(text)}</Message></Error>`;
  return { status, headers: { 'x-ms-error-code': code, ...(door === 'dfs' ? json : xml), ...headers }, ...(bare ? {} : { body }) };
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A header that is there once. */
export function headerOf({ headers }: Pick<Asked, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}
