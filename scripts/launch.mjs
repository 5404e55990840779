// Every npm script starts here. Old Node versions must be able to parse this file, because it checks the version.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 12)) {
  console.error(`bedrock-proxy requires Node 20.12 or newer; this is ${process.versions.node}. See https://nodejs.org`);
  process.exitCode = 1;
} else {
  import('./run-command.mjs').then(({ runCommand }) => runCommand(process.argv.slice(2)));
}
