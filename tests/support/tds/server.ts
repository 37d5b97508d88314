import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { newAuthority } from '../azure-hosts/certificates.ts';
import { ByteWriter } from './bytes.ts';
import { handshakeInPackets, kinds, type Message, Packets, Sending } from './packets.ts';
import { encryptions, type Login, type Prelogin, preloginAnswer, readLogin, readPrelogin } from './requests.ts';
import { type Answer, Session, type TdsRequest, type TdsSession } from './session.ts';
import type { TdsError } from './tokens.ts';
import * as tokens from './tokens.ts';

export interface TdsServerOptions {
  /** What statements are answered with; undefined: the statement is not in the list, which is an error, and the test fails when the server is disposed. */
  readonly answers?: (request: TdsRequest) => Answer | undefined | Promise<Answer | undefined>;
  /** A session that has signed in is over. */
  readonly closed?: (session: TdsSession) => void;
  /** Asked after login and password or token were right: an error refuses the client. Throttled, paused, expired: all of it is said here. */
  readonly signIn?: (login: Login) => TdsError | undefined;
  /** `required` (default), `none`: it can't, `strict`: TLS around everything (TDS 8). */
  readonly encryption?: 'required' | 'none' | 'strict';
  /** Names in its certificate: localhost. */
  readonly names?: readonly string[];
  /** Of the rows of bulk loads it keeps which values are NULL and nothing else: for more of them than memory has room for. */
  readonly drains?: boolean;
}

export interface TdsServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** PEM of the authority that signed its certificate. */
  readonly authority: string;
  /** Everything that was asked, in the order of its arrival; SET options and transactions too. */
  readonly requests: readonly TdsRequest[];
  /** All sign-ins that were tried, each with its token. */
  readonly logins: readonly Login[];
  /** Those that are connected now: what `sys.dm_exec_sessions` has. */
  readonly sessions: ReadonlySet<TdsSession>;
  /** Statements that are in no list. A test that provokes them empties this. */
  readonly unknown: string[];
  /** Every connection is lost now. */
  drop(): void;
}

const firstSecure = 0x16;
const [user, password] = ['tester', 'Te5t-server'];
/** SQL Server 2022. */
const version = [16, 0, 4135] as const;

/** A server that speaks SQL Server's protocol and holds nothing: what is asked is answered from a list. */
export async function tdsServer(options: TdsServerOptions = {}): Promise<TdsServer> {
  const { encryption = 'required', names = ['localhost'] } = options;
  const authority = newAuthority();
  const { certificate, key } = authority.issue(names);
  const state: State = {
    options: { ...options, encryption },
    // Inside of TDS the handshake is that of TLS 1.2.
    secure: createSecureContext({ cert: certificate, key, ...(encryption === 'strict' ? {} : { maxVersion: 'TLSv1.2' }) }),
    requests: [],
    logins: [],
    sessions: new Set(),
    unknown: [],
    problems: [],
    ids: 50,
  };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    socket.once('data', (chunk: Buffer) => {
      socket.pause();
      socket.unshift(chunk);
      const strict = chunk[0] === firstSecure;
      if (encryption === 'strict' && !strict) socket.destroy();
      else new Connection(state, socket, strict).begin();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { requests, logins, sessions, unknown } = state;
  const drop = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    ...{ host: 'localhost', port, user, password, authority: authority.certificate, requests, logins, sessions, unknown, drop },
    async [Symbol.asyncDispose]() {
      drop();
      server.close();
      await once(server, 'close');
      const [problem] = state.problems;
      if (problem !== undefined) throw problem;
      if (unknown.length > 0) throw new Error(`The test server was asked what is in no list:\n${unknown.join('\n---\n')}`);
    },
  };
}

interface State {
  readonly options: TdsServerOptions & Required<Pick<TdsServerOptions, 'encryption'>>;
  readonly secure: SecureContext;
  readonly requests: TdsRequest[];
  readonly logins: Login[];
  readonly sessions: Set<TdsSession>;
  readonly unknown: string[];
  /** What went wrong in the server itself. */
  readonly problems: unknown[];
  ids: number;
}

/** A connection until it is signed in, and then what it asks. */
class Connection {
  readonly #state: State;
  readonly #socket: Socket;
  readonly #strict: boolean;
  #stream: Duplex;
  #packets = new Packets();
  #session: Session | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(state: State, socket: Socket, strict: boolean) {
    this.#state = state;
    this.#socket = socket;
    this.#strict = strict;
    this.#stream = socket;
  }

  begin(): void {
    this.#listen(this.#strict ? this.#secured(this.#socket, ['tds/8.0']) : this.#socket);
    this.#socket.once('close', () => {
      this.#session?.interrupt();
      if (!this.#session) return;
      this.#state.sessions.delete(this.#session);
      this.#state.options.closed?.(this.#session);
    });
  }

  #secured(over: Duplex, protocols: string[] = []): Duplex {
    const settings = { isServer: true, secureContext: this.#state.secure, ...(protocols.length > 0 ? { ALPNProtocols: protocols } : {}) };
    const secured = new TLSSocket(over as Socket, settings);
    secured.on('error', () => this.#socket.destroy());
    return secured;
  }

  #listen(stream: Duplex): void {
    this.#stream = stream;
    this.#packets = new Packets();
    stream.on('data', this.#data).resume();
    stream.on('end', () => this.#socket.end());
  }

  readonly #data = (chunk: Buffer): void => {
    try {
      for (const message of this.#packets.take(chunk)) {
        if (message.kind === kinds.attention) this.#session?.interrupt();
        this.#work = this.#work.then(() => this.#handle(message)).catch((error: unknown) => this.#failed(error));
      }
    } catch (error) {
      this.#failed(error);
    }
  };

  /** What the client left unread, when it is gone, is nobody's mistake. */
  #failed(error: unknown): void {
    if (!this.#socket.destroyed) this.#state.problems.push(error);
    this.#socket.destroy();
  }

  async #handle(message: Message): Promise<void> {
    if (this.#session) await this.#session.handle(message);
    else if (message.kind === kinds.prelogin) await this.#greet(readPrelogin(message.body));
    else if (message.kind === kinds.login) await this.#signIn(readLogin(message.body));
    else throw new Error(`A message of kind ${message.kind} before the sign-in`);
  }

  async #greet(prelogin: Prelogin): Promise<void> {
    const { encryption } = this.#state.options;
    const answer = this.#strict ? encryptions.on : encryption === 'none' ? encryptions.none : encryptions.required;
    const secures = !this.#strict && encryption !== 'none' && prelogin.encryption !== encryptions.none;
    const sending = new Sending(this.#stream, 4096);
    await sending.write(preloginAnswer({ version, encryption: answer, tokens: prelogin.asksForTokens }));
    if (secures) this.#stream.off('data', this.#data);
    await sending.end();
    if (secures) this.#listen(this.#secured(handshakeInPackets(this.#socket)));
    else if (answer === encryptions.required) this.#socket.end();
  }

  async #signIn(login: Login): Promise<void> {
    const to = new ByteWriter();
    const sending = new Sending(this.#stream, 4096);
    const over = async (): Promise<void> => {
      await sending.write(to.take());
      await sending.end();
    };
    this.#state.logins.push(login);
    const answer = this.#refusal(login) ?? this.#state.options.signIn?.(login);
    if (answer) {
      tokens.writeError(to, { class: 14, ...answer });
      tokens.writeDone(to, { failed: true });
      await over();
      this.#socket.end();
      return;
    }
    const packetSize = Math.min(Math.max(login.packetSize || 4096, 512), 32_767);
    tokens.writeSignedIn(to, this.#welcome(login, packetSize));
    tokens.writeDone(to, {});
    this.#session = this.#opened(login, packetSize);
    await over();
  }

  #refusal({ user: given, password: said, token }: Login): TdsError | undefined {
    if (token !== undefined || (given === user && said === password)) return undefined;
    return { number: 18456, class: 14, message: `Login failed for user '${given}'.` };
  }

  #welcome({ database, features, tdsVersion }: Login, packetSize: number): tokens.SignedIn {
    const granted = new Map<number, Buffer>();
    if (features.includes(2)) granted.set(2, Buffer.alloc(0));
    if (features.includes(10)) granted.set(10, Buffer.from([1]));
    return {
      database: database || 'master',
      packetSize,
      tdsVersion,
      serverVersion: version,
      features: granted,
    };
  }

  #opened(login: Login, packetSize: number): Session {
    const { options, requests, unknown, sessions } = this.#state;
    const session = new Session({
      id: ++this.#state.ids,
      login,
      packetSize,
      stream: this.#stream,
      drains: options.drains ?? false,
      asked: (request) => requests.push(request),
      answer: async (request) => options.answers?.(request),
      unknown: (sql) => unknown.push(sql),
      close: (how) => (how === 'reset' ? this.#socket.resetAndDestroy() : this.#socket.destroySoon()),
    });
    sessions.add(session);
    return session;
  }
}
