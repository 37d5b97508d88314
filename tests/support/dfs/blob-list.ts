import { type Paging, page } from './dfs-list.ts';
import { type Answer, type Asked, escapeXml, NotDone } from './exchange.ts';
import { type FolderNode, type Met, walk } from './tree.ts';

/** List Blobs, flat: folders are there too, as empty blobs with a mark. */
export function listBlobs(asked: Asked, root: FolderNode, paging: Paging): Answer {
  if (asked.query.has('delimiter')) throw new NotDone('a listing by folders');
  const prefix = asked.query.get('prefix') ?? '';
  const all = [...walk(root, '', true)].filter(({ path }) => path.startsWith(prefix));
  const { met, continuation } = page(all, asked, paging, 'marker');
  const where = `ServiceEndpoint="https://${escapeXml(asked.host)}/" ContainerName="${escapeXml(asked.filesystem)}"`;
  const blobs = met.map((one) => shown(one, (asked.query.get('include') ?? '').includes('metadata'))).join('');
  const body = `\ufeff<?xml version="1.0" encoding="utf-8"?><EnumerationResults ${where}><Prefix>${escapeXml(prefix)}</Prefix><Blobs>${blobs}</Blobs><NextMarker>${escapeXml(continuation ?? '')}</NextMarker></EnumerationResults>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

function shown({ path, node }: Met, withMetadata: boolean): string {
  const properties = {
    'Creation-Time': node.created.toUTCString(),
    'Last-Modified': node.modified.toUTCString(),
    Etag: node.etag.replaceAll('"', ''),
    ResourceType: node.kind === 'file' ? 'file' : 'directory',
    'Content-Length': String(node.kind === 'file' ? node.content.length : 0),
    'Content-Type': 'application/octet-stream',
    BlobType: 'BlockBlob',
    LeaseStatus: 'unlocked',
    LeaseState: 'available',
    ServerEncrypted: 'true',
  };
  const metadata = [...node.metadata, ...(node.kind === 'folder' ? [['hdi_isfolder', 'true'] as const] : [])];
  return `<Blob><Name>${escapeXml(path)}</Name><Properties>${elements(Object.entries(properties))}</Properties>${withMetadata ? `<Metadata>${elements(metadata)}</Metadata>` : ''}<OrMetadata /></Blob>`;
}

const elements = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`).join('');
