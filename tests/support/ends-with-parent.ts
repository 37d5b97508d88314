/** Preloaded into a server that a test starts: its stdin is a pipe that nobody writes to, and closes when the test process is gone, however it went. */
process.stdin.on('end', () => process.exit(0)).resume();
process.stdin.on('error', () => process.exit(0));
