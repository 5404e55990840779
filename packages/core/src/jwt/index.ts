export type { JwtTokensOptions } from './jwt-tokens.js';
export { jwtTokens } from './jwt-tokens.js';
