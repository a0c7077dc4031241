// A plain `npm install` would succeed here with every workspace package missing, so it is stopped with directions.
if (!process.env.npm_config_user_agent?.startsWith('pnpm/')) {
  console.error(
    [
      'This repository is installed by pnpm, and brings it along:',
      '  npm start    installs what is missing and starts the concierge',
      '  npm test     installs what is missing and runs every test',
      'To install only: node scripts/setup.mjs',
    ].join('\n'),
  )
  process.exit(1)
}
