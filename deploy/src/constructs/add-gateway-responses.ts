import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { ProxyProps } from './proxy-props.ts';

/**
 * Adds CORS headers to the responses of API Gateway itself, such as 429, 413, 403 and 504, so that web pages can read
 * them. The headers are constants: if there are several origins, only pages of the first one can read these responses.
 */
export function addGatewayResponses(api: RestApi, corsOrigins: ProxyProps['corsOrigins'] = '*'): void {
  if (corsOrigins === 'off') return;
  const [origin = '*'] = [corsOrigins].flat();
  const responseHeaders = {
    'Access-Control-Allow-Origin': `'${origin}'`,
    ...(origin !== '*' && { Vary: "'Origin'" }),
  };
  api.addGatewayResponse('ClientErrors', { type: ResponseType.DEFAULT_4XX, responseHeaders });
  api.addGatewayResponse('ServerErrors', { type: ResponseType.DEFAULT_5XX, responseHeaders });
}
