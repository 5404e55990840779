// Every npm script starts here, on whatever Node the machine has: the version is checked before anything newer is parsed.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 12)) {
  console.error(
    `bedrock-proxy starts on Node 20.12 or newer; this is ${process.versions.node}. See https://nodejs.org`,
  );
  process.exitCode = 1;
} else {
  import('./run-command.mjs').then(({ runCommand }) => runCommand(process.argv.slice(2)));
}
