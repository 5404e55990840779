import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { ProxyProps } from './proxy-props.ts';

/**
 * Lets pages read what the gateway itself answers: throttled, too large, refused by the firewall, timed out. Its headers are
 * constants, so that of several origins the first alone can read them.
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
