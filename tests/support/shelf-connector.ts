import { join } from 'node:path';
import * as z from 'zod';
import { type Connector, defineConnector, type Requirement } from '../../src/engine/contracts/connector.ts';
import type { Home } from '../../src/engine/contracts/home.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import { local } from '../../src/files/connectors/local-connector.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { secret } from '../../src/ports/secret-schema.ts';

interface Shelf {
  readonly board: string;
  readonly path: string;
  readonly base?: string;
  readonly format: string;
}

/**
 * What an installed package would bring: boards of a shelf, which are folders below `root`. All that hygge knows of it is what it tells by
 * `defineConnector`.
 */
export function shelfConnector(root: string): Connector {
  const keys = { board: z.string().min(1).describe('The board.'), api_token: secret().optional().describe('Opens the shelf.') };
  const format = z.enum(['csv', 'parquet']).describe('The format of the files.');
  const on = ({ board, path }: Pick<Shelf, 'board' | 'path'>) => join(root, board.toLowerCase(), path);
  const url = ({ board, path }: Pick<Shelf, 'board' | 'path'>) => `shelf://${board}/${path}`;
  const { home, store } = local;
  if (home === undefined || store === undefined) throw new Error('local files are home and store');
  const homeOf = (config: Shelf) => home.config.parse({ path: on(config), format: config.format });
  const storeOf = (config: Shelf) =>
    store.config.parse({ path: on(config), base: on({ ...config, path: config.base ?? '' }), format: config.format });
  const requirements =
    (doing: 'read' | 'write') =>
    (config: Shelf & { readonly api_token?: unknown }): readonly Requirement[] => [
      { need: 'role', system: 'shelf', doing: [doing], resource: { board: config.board }, role: `may ${doing}` },
      ...(config.api_token === undefined ? [] : [{ need: 'secret', name: 'api_token' } as const]),
    ];
  return defineConnector<Shelf, Shelf>({
    id: 'shelf',
    summary: 'Boards of a shelf',
    verifiedAgainst: 'a shelf of these tests',
    family: 'files',
    formats: local.formats ?? [],
    addresses: { schemes: ['shelf'], hosts: [/\.shelf\.example$/], forms: ['shelf://board/folder'] },
    place: (config) => {
      const { board, path } = config as Shelf;
      return { root: board.toLowerCase(), path: `/${path}`, shown: url({ board, path }) };
    },
    remote: {
      locate(written) {
        const [, board, path = ''] = /^shelf:\/\/([^/]+)(?:\/(.*))?$/.exec(written) ?? [];
        return board === undefined ? undefined : { keys: { board }, path };
      },
      url: (config) => url(config as Shelf),
      list: (config) => localFileSystem(on(config as Shelf)).list(''),
    },
    home: {
      config: z.strictObject({ ...keys, path: z.string(), format }) as unknown as z.ZodType<Shelf>,
      open: (config, opening): Promise<Home> => home.open(homeOf(config), opening),
      probe: (config, opening) => home.probe(homeOf(config), opening),
      requirements: requirements('read'),
    },
    store: {
      config: z.strictObject({ ...keys, path: z.string(), base: z.string(), format }) as unknown as z.ZodType<Shelf>,
      open: (config, opening): Promise<Store> => store.open(storeOf(config), opening),
      at: (place, opening, today) => store.at(place, opening, today && storeOf(today)),
      probe: (config, opening) => store.probe(storeOf(config), opening),
      requirements: requirements('write'),
    },
  });
}
