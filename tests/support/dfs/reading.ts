import { hash } from 'node:crypto';
import { holds } from './conditions.ts';
import { type Answer, type Asked, headerOf, NotDone, refuse } from './exchange.ts';
import { description } from './properties.ts';
import type { TreeNode } from './tree.ts';

/** Get of both doors: whole, or one range. */
export function readAnswer(asked: Asked, node: TreeNode): Answer {
  if (node.kind === 'folder' && asked.door === 'dfs') throw refuse('ResourceTypeMismatch');
  holds(asked, node, 'PathAlreadyExists');
  const headers = description(node, asked.door);
  // A folder is an empty blob with a mark at the other door.
  const content = node.kind === 'file' ? node.content : Buffer.alloc(0);
  const range = rangeOf(asked, content);
  if (range === undefined) return { status: 200, headers, body: content };
  const body = content.subarray(range.start, range.end);
  const wantsMd5 = headerOf(asked, 'x-ms-range-get-content-md5') === 'true';
  return {
    status: 206,
    headers: {
      ...headers,
      'content-range': `bytes ${range.start}-${range.end - 1}/${content.length}`,
      ...(wantsMd5 ? { 'content-md5': hash('md5', body, 'base64') } : {}),
    },
    body,
  };
}

function rangeOf(asked: Asked, content: Buffer): { readonly start: number; readonly end: number } | undefined {
  const written = headerOf(asked, 'x-ms-range') ?? headerOf(asked, 'range');
  if (written === undefined) return undefined;
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(written) ?? [];
  if (first === undefined) throw new NotDone(`range ${written}`);
  const start = Number(first);
  if (start >= content.length) throw refuse('InvalidRange', { headers: { 'content-range': `bytes */${content.length}` } });
  const end = last === undefined || last === '' ? content.length : Math.min(Number(last) + 1, content.length);
  if (end <= start) throw refuse('InvalidRange');
  return { start, end };
}

/** HEAD of both doors. A folder has no length. */
export function lookAnswer(asked: Asked, node: TreeNode): Answer {
  holds(asked, node, 'PathAlreadyExists');
  const length = node.kind === 'file' ? node.content.length : 0;
  return { status: 200, headers: { ...description(node, asked.door), 'content-length': String(length) } };
}
