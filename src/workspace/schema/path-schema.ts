import * as z from 'zod';

/**
 * A `path` inside something that is not a local disk: a container, a bucket, a lakehouse. Such a path is never made absolute against
 * the workspace's root; every other `path` is.
 */
export function remotePath(): z.ZodString {
  return z.string().min(1).meta({ remotePath: true });
}
