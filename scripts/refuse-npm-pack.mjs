// The `prepack` script of every package. pnpm runs it too, and replaces the versions that npm leaves as they are.
if (process.env.npm_config_user_agent?.startsWith('npm/')) {
  console.error(
    'npm would leave "workspace:" and "catalog:" in the versions, and the tarball could not be installed. At the root of the repository, run: npm run pack',
  );
  process.exitCode = 1;
}
