/** The worker's bundled source, made by build.mjs. */
declare module 'virtual:worker' {
  const source: string;
  export default source;
}

interface TrustedTypesFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
}
declare var trustedTypes: TrustedTypesFactory | undefined;
