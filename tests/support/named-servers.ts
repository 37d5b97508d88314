/** A server that a person names, in place of the one that tests start: `mysql://root:secret@127.0.0.1:3306?tls=require`. */
export interface NamedServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** What else hygge's connection needs, by its own keys. */
  readonly more: Readonly<Record<string, unknown>>;
}

const variables = {
  HYGGE_TEST_MYSQL: { schemes: /^(mysql|mariadb):$/, port: 3306 },
  HYGGE_TEST_MSSQL: { schemes: /^(mssql|sqlserver):$/, port: 1433 },
} as const;

export type ServerVariable = keyof typeof variables;

/** @returns undefined: nobody names one. */
export function namedServer(variable: ServerVariable): NamedServer | undefined {
  const written = process.env[variable];
  return written === undefined || written === '' ? undefined : serverAt(written, variable);
}

/** @param variable whose form it has. */
export function serverAt(written: string, variable: ServerVariable): NamedServer {
  const { schemes, port } = variables[variable];
  const url = URL.parse(written);
  // The address holds a password: it is not repeated.
  if (url === null || !schemes.test(url.protocol) || url.username === '' || url.password === '')
    throw new Error(`${variable} looks like ${variable === 'HYGGE_TEST_MYSQL' ? 'mysql' : 'mssql'}://user:password@host:${port}?key=value`);
  const more = [...url.searchParams].map(([key, value]) => [key, value === 'true' ? true : value] as const);
  return {
    host: url.hostname,
    port: Number(url.port || port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    more: Object.fromEntries(more),
  };
}
