/** Reads a table, or loads rows in bulk, with Microsoft's own client at its defaults and nothing else: `read <url>`, `write <url> <rows>`. */
import { readFileSync } from 'node:fs';
import { Connection, Request, TYPES } from 'tedious';

const [, , doing, address, rows = '0'] = process.argv;
const url = new URL(address);

const connection = new Connection({
  server: url.hostname,
  authentication: { type: 'default', options: { userName: url.username, password: decodeURIComponent(url.password) } },
  options: {
    ...{ port: Number(url.port), database: url.pathname.slice(1) || 'erp', appName: 'hygge tests', encrypt: true, requestTimeout: 0 },
    cryptoCredentialsDetails: { ca: readFileSync(url.searchParams.get('tls_ca_path') ?? '', 'utf8') },
  },
});
await new Promise((done, failed) => {
  connection.connect((error) => (error ? failed(error) : done()));
});

const doings = {
  read: () =>
    new Promise((done, failed) => {
      let seen = 0;
      const sql = 'SELECT [id], [ts], [amount], [price], [qty], [flag], [code], [note] FROM [dbo].[rows]';
      const request = new Request(sql, (error) => (error ? failed(error) : done(seen)));
      request.on('row', () => {
        seen += 1;
      });
      connection.execSqlBatch(request);
    }),
  write: () =>
    new Promise((done, failed) => {
      const load = connection.newBulkLoad('dbo.rows', { lockTable: true }, (error, count) => (error ? failed(error) : done(count)));
      const column = (name, type, more = {}) => load.addColumn(name, type, { nullable: true, ...more });
      column('id', TYPES.BigInt);
      column('ts', TYPES.DateTime2, { scale: 6 });
      column('amount', TYPES.Decimal, { precision: 18, scale: 4 });
      column('price', TYPES.Float);
      column('qty', TYPES.Int);
      column('flag', TYPES.Bit);
      column('code', TYPES.NVarChar, { length: 10 });
      column('note', TYPES.NVarChar, { length: 50 });
      const all = function* () {
        for (let n = 0; n < Number(rows); n++) {
          const note = n % 5 === 0 ? null : `note ${n % 50_000}`;
          const ts = new Date(1_577_836_800_000 + n * 37_000);
          yield [n, ts, ((n * 7919) % 100_000_000) / 10_000, (n % 1_000_003) / 997, n % 1000, n % 3 === 0, `C${n % 200}`, note];
        }
      };
      connection.execBulkLoad(load, all());
    }),
};

process.stdout.write(`${await doings[doing]()}\n`);
connection.close();
