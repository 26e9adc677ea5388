/** `dev-crew serve` as a program of its own, for a service manager: arguments are those of `serve`. */
process.argv.splice(2, 0, 'serve');
await import('./cli.ts');
