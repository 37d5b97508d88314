import { createConnection } from 'mysql2/promise';
import { inject } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../fault-proxy.ts';
import type { WordpressAddress } from './wordpress-offer.ts';

/** Why tests with WordPress are skipped; '' when they are not. */
export const noWordpress = (): string => inject('wordpress').problem;

/** A post as a test sets it. Times are of whole seconds, in UTC, which is the site's own zone. */
export interface Post {
  readonly id: number;
  readonly title?: string;
  /** Such as `2026-03-01T12:00:00`. */
  readonly modified: string;
  /** Absent: as `modified`. */
  readonly date?: string;
}

/** Posts by SQL: no hook of WordPress runs, and thousands take less than a second. A request sees what was there when it was made. */
export interface Posts {
  /** Published posts with the ids from `from` on, a second apart in `date` and `modified`. */
  insert(count: number, of: { readonly from?: number; readonly start: string }): Promise<void>;
  /** Inserts the post, or changes it. */
  put(...posts: readonly Post[]): Promise<void>;
  /** For good, with no trace. */
  remove(...ids: readonly number[]): Promise<void>;
  /** Into the bin: a reader does not see it, and its `modified` stays. */
  trash(...ids: readonly number[]): Promise<void>;
}

/** A comment as a test sets it. */
export interface Comment {
  readonly id: number;
  readonly post: number;
  /** Such as `2026-03-01T12:00:00`. */
  readonly date: string;
}

/** A site of its own in the WordPress of this vitest run. */
export interface WordpressSite extends AsyncDisposable {
  /** The API's root, without a slash at the end: `http://127.0.0.1:<port>/wp-json/wp/v2`. It leads through `proxy`. */
  readonly url: string;
  readonly version: string;
  readonly user: string;
  /** An application password, for basic sign-in. */
  readonly password: string;
  readonly posts: Posts;
  /** Inserts approved comments, by SQL. */
  comment(...comments: readonly Comment[]): Promise<void>;
  /** Counts requests, and loses, holds and answers them by rule. */
  readonly proxy: FaultProxy;
}

let made = 0;

export async function wordpressSite(): Promise<WordpressSite> {
  await using opened = new AsyncDisposableStack();
  const answer = await fetch(inject('wordpress').url);
  if (!answer.ok) throw new Error(await answer.text());
  const { url, version, user, password, mariadb, template } = (await answer.json()) as WordpressAddress;
  const site = `site_${process.pid}_${++made}`;
  const database = await createConnection({ ...mariadb, multipleStatements: true, dateStrings: true, timezone: 'Z' });
  opened.defer(() => database.end());
  await database.query(`create database ${site} character set utf8mb4; use ${site}`);
  opened.defer(async () => void (await database.query(`drop database ${site}`)));
  const [tables] = await database.query(`select table_name as name from information_schema.tables where table_schema = ?`, [template]);
  const names = (tables as { name: string }[]).map(({ name }) => name);
  const copies = names.map(
    (name) => `create table ${name} like ${template}.${name}; insert into ${name} select * from ${template}.${name}`,
  );
  await database.query(copies.join(';'));
  const proxy = opened.use(await startFaultProxy(url, { 'x-site': site }));
  const all = opened.move();
  return {
    ...{ version, user, password, proxy, url: `${proxy.url}/wp-json/wp/v2` },
    async comment(...comments) {
      const rows = comments.map(({ id, post, date }) => {
        const at = date.replace('T', ' ');
        return [id, post, 'Reader', '', '', '', at, at, `Comment ${id}`, 0, '1', '', 'comment', 0, 0];
      });
      await database.query(`insert into wp_comments (${commentColumns}) values ?`, [rows]);
    },
    posts: {
      async insert(count, { from = 1, start }) {
        const at = `? + interval seq second`;
        const values = `seq + ?, 1, ${at}, ${at}, ${at}, ${at}, concat('Post ', seq + ?), concat('Text of ', seq + ?), concat('post-', seq + ?)`;
        const times = Array<string>(4).fill(start.replace('T', ' '));
        await database.query(`insert into wp_posts (${columns}) select ${values}, '', '', '', '' from seq_0_to_${count - 1}`, [
          ...[from, ...times],
          ...[from, from, from],
        ]);
      },
      async put(...posts) {
        const rows = posts.map(({ id, title = `Post ${id}`, modified, date = modified }) => {
          const [dated, changed] = [date, modified].map((time) => time.replace('T', ' '));
          return [id, 1, dated, dated, changed, changed, title, `Text of ${id}`, `post-${id}`, '', '', '', ''];
        });
        await database.query(`replace into wp_posts (${columns}) values ?`, [rows]);
      },
      async remove(...ids) {
        await database.query(`delete from wp_posts where ID in (?)`, [ids]);
      },
      async trash(...ids) {
        await database.query(`update wp_posts set post_status = 'trash' where ID in (?)`, [ids]);
      },
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

const columns = [
  ...['ID', 'post_author', 'post_date', 'post_date_gmt', 'post_modified', 'post_modified_gmt', 'post_title', 'post_content', 'post_name'],
  ...['post_excerpt', 'to_ping', 'pinged', 'post_content_filtered'],
].join(', ');
const commentColumns = [
  ...['comment_ID', 'comment_post_ID', 'comment_author', 'comment_author_email', 'comment_author_url', 'comment_author_IP', 'comment_date'],
  ...[
    'comment_date_gmt',
    'comment_content',
    'comment_karma',
    'comment_approved',
    'comment_agent',
    'comment_type',
    'comment_parent',
    'user_id',
  ],
].join(', ');
