/** The process that holds a lease. On the same machine, these facts show whether the process can still be alive. */
export interface LeaseHolder {
  /** The host's name for people. */
  readonly host: string;
  /** The Linux boot id, which changes at every boot; '': the platform has no boot id. */
  readonly boot: string;
  readonly pid: number;
  /** The start time of the process in the platform’s own ticks, which distinguishes processes with the same pid. */
  readonly started: string;
  /** The program's name for people: `hygge go`, or the name of the function app. */
  readonly program: string;
}

/** The process in which hygge runs, and its knowledge of other processes. */
export interface Host {
  readonly self: LeaseHolder;
  /** Returns `dead` only with proof: on the same host, the machine has booted again, the pid does not exist, or the pid started at another time. */
  fate(holder: LeaseHolder): Promise<'alive' | 'dead' | 'unknown'>;
  /** Milliseconds that a run of this process may be silent before another run may take its entity. Absent: the engine's default. */
  readonly leaseMs?: number;
  /** How many processors hygge may use at once. */
  readonly processors: number;
}

/** The worker process of a function app, from the view of its starts. */
export interface AppWorker {
  /** The pid and the start time of the host process that started this worker. */
  readonly host: string;
  /** The note that an earlier worker of this app left on this machine; undefined: no readable note exists. */
  note(): unknown;
  /** Leaves a note for later workers. If the disk rejects the note, only the note is lost. */
  leave(note: object): void;
  /** Writes a line to the platform's log of this worker, and ends the worker with exit code 1. `afterMs` 0: at once. */
  end(line: string, afterMs: number): void;
}
