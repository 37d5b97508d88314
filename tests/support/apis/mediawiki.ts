import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../fault-proxy.ts';
import type { MediawikiAddress } from './mediawiki-offer.ts';

/** Why tests with MediaWiki are skipped; '' when they are not. */
export const noMediawiki = (): string => inject('mediawiki').problem;

export interface WikiPages {
  /** Pages named `Page 00001`, `Page 00002`, …, each created a second after the one before it. By SQL: thousands take less than a second. */
  insert(count: number, of: { readonly from?: number; readonly start: string }): void;
  /** Creates the page, or changes it, by the wiki's own API. */
  edit(title: string, text: string): Promise<void>;
  /** By the wiki's own API: the page is in no list any more, and recent changes have it as a log entry. */
  remove(title: string): Promise<void>;
  /** What is in the main namespace, by title. */
  all(): readonly { readonly id: number; readonly title: string }[];
}

/** A wiki of its own in the MediaWiki of this vitest run. */
export interface MediawikiSite extends AsyncDisposable {
  /** The API's address: `http://127.0.0.1:<port>/w/api.php`. It leads through `proxy`. */
  readonly url: string;
  readonly pages: WikiPages;
  /** Counts requests, and loses, holds and answers them by rule. */
  readonly proxy: FaultProxy;
}

let made = 0;

export async function mediawikiSite(): Promise<MediawikiSite> {
  await using opened = new AsyncDisposableStack();
  const answer = await fetch(inject('mediawiki').url);
  if (!answer.ok) throw new Error(await answer.text());
  const server = (await answer.json()) as MediawikiAddress;
  const wiki = `wiki_${process.pid}_${++made}`;
  const folder = join(server.wikis, wiki);
  await promisify(execFile)('cp', ['-a', join(server.wikis, 'template'), folder]);
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const database = new DatabaseSync(join(folder, 'wiki.sqlite'));
  opened.defer(() => database.close());
  const isNew = database.prepare(`select 1 from sqlite_master where name = 'revision_comment_temp'`).get() === undefined;
  const insertion = isNew ? insertions : [...insertions, ofOlderWikis];
  database.exec('pragma busy_timeout = 60000; delete from page; delete from recentchanges');
  const proxy = opened.use(await startFaultProxy(server.url, { 'x-site': wiki }));
  const post = async (fields: Readonly<Record<string, string>>): Promise<void> => {
    // The token of a client without an account.
    const body = new URLSearchParams({ ...fields, format: 'json', token: '+\\' });
    const sent = await fetch(`${server.url}/w/api.php`, { method: 'POST', body, headers: { 'x-site': wiki } });
    const text = await sent.text();
    if (!sent.ok || text.includes('"error"')) throw new Error(text);
  };
  const all = opened.move();
  return {
    url: `${proxy.url}/w/api.php`,
    proxy,
    pages: {
      insert(count, { from = 1, start }) {
        database.exec('begin immediate');
        for (const statement of insertion) {
          // A number would be a real one.
          const values = { from: BigInt(from), to: BigInt(from + count - 1), start: start.replace('T', ' ') };
          const named = Object.entries(values).filter(([name]) => statement.includes(`:${name}`));
          database.prepare(statement).run(Object.fromEntries(named));
        }
        database.exec('commit');
      },
      edit: (title, text) => post({ action: 'edit', title, text }),
      remove: (title) => post({ action: 'delete', title }),
      all: () => {
        const rows = database
          .prepare(`select page_id as id, cast(page_title as text) as title from page where page_namespace = 0 order by page_title`)
          .all();
        return rows.map(({ id, title }) => ({ id: Number(id), title: String(title).replaceAll('_', ' ') }));
      },
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** New pages, revisions and texts have the same numbers, above those of the wiki's own main page. */
const first = 1_000_000;
const numbers = 'with recursive n (i) as (select :from union all select i + 1 from n where i < :to)';
const time = `strftime('%Y%m%d%H%M%S', :start, '+' || (i - :from) || ' seconds')`;
const title = `printf('Page_%05d', i)`;
const content = `'Text of ' || i`;
/** Of a text that is empty, in base 36. MediaWiki compares it when a revision is written, not when it is read. */
const checksum = `'phoiac9h4m842xq45sp7s6u21eteeq1'`;

/** As an edit writes it. */
const insertions = [
  `${numbers} insert into page (page_id, page_namespace, page_title, page_is_new, page_random, page_touched, page_latest, page_len, page_content_model)
   select ${first} + i, 0, ${title}, 1, 0.5, ${time}, ${first} + i, length(${content}), 'wikitext' from n`,
  `${numbers} insert into revision (rev_id, rev_page, rev_comment_id, rev_actor, rev_timestamp, rev_len, rev_parent_id, rev_sha1)
   select ${first} + i, ${first} + i, 1, 2, ${time}, length(${content}), 0, ${checksum} from n`,
  `${numbers} insert into slots select ${first} + i, 1, ${first} + i, ${first} + i from n`,
  `${numbers} insert into content select ${first} + i, length(${content}), ${checksum}, 1, 'tt:' || (${first} + i) from n`,
  `${numbers} insert into text select ${first} + i, ${content}, 'utf-8' from n`,
  `${numbers} insert into recentchanges (rc_timestamp, rc_actor, rc_title, rc_comment_id, rc_new, rc_cur_id, rc_this_oldid, rc_type, rc_source, rc_new_len)
   select ${time}, 2, ${title}, 1, 1, ${first} + i, ${first} + i, 1, 'mw.new', length(${content}) from n`,
];

/** Where a revision's comment is named until MediaWiki 1.40. */
const ofOlderWikis = `${numbers} insert into revision_comment_temp select ${first} + i, 1 from n`;
