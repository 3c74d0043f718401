// In the place of signal-cli 0.13.19's class of the same name, which holds nothing but constants: where Signal's servers
// are and which keys they have. This one reads them from the file that -Dsignal.mock.config names. Its directory of
// classes has to stand before signal-cli's own on the class path.
package org.asamk.signal.manager.config;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import okhttp3.Interceptor;
import org.asamk.signal.manager.api.ServiceEnvironment;
import org.signal.libsignal.net.Network;
import org.signal.libsignal.protocol.InvalidKeyException;
import org.signal.libsignal.protocol.ecc.ECPublicKey;
import org.whispersystems.signalservice.api.push.TrustStore;
import org.whispersystems.signalservice.internal.configuration.SignalCdnUrl;
import org.whispersystems.signalservice.internal.configuration.SignalCdsiUrl;
import org.whispersystems.signalservice.internal.configuration.SignalServiceConfiguration;
import org.whispersystems.signalservice.internal.configuration.SignalServiceUrl;
import org.whispersystems.signalservice.internal.configuration.SignalStorageUrl;
import org.whispersystems.signalservice.internal.configuration.SignalSvr2Url;

final class LiveConfig {

    private LiveConfig() {
    }

    static ServiceEnvironmentConfig getServiceEnvironmentConfig(List<Interceptor> interceptors) {
        var settings = new Properties();
        try (var in = Files.newInputStream(Path.of(System.getProperty("signal.mock.config")))) {
            settings.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var url = settings.getProperty("url");
        var trust = new MockTrust(Path.of(settings.getProperty("ca")));
        SignalCdnUrl[] files = {new SignalCdnUrl(url, trust)};
        SignalCdnUrl[] newFiles = {new SignalCdnUrl(url + "/cdn3", trust)};
        var service = new SignalServiceConfiguration(
                new SignalServiceUrl[]{new SignalServiceUrl(url, trust)},
                Map.of(0, files, 2, files, 3, newFiles),
                new SignalStorageUrl[]{new SignalStorageUrl(url + "/storageService", trust)},
                new SignalCdsiUrl[]{new SignalCdsiUrl(url, trust)},
                new SignalSvr2Url[]{new SignalSvr2Url(url, trust, null, null)},
                interceptors, Optional.empty(), Optional.empty(), Optional.empty(),
                key(settings, "zkPublicParams"), key(settings, "genericPublicParams"), key(settings, "backupPublicParams"),
                false);
        try {
            return new ServiceEnvironmentConfig(ServiceEnvironment.LIVE, Network.Environment.STAGING, service,
                    new ECPublicKey(key(settings, "trustRoot")), "00", List.of());
        } catch (InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] key(Properties settings, String name) {
        return Base64.getDecoder().decode(settings.getProperty(name));
    }

    /** The mock server's certificate as the only one that is trusted. */
    private record MockTrust(Path certificate) implements TrustStore {

        @Override
        public InputStream getKeyStoreInputStream() {
            try (var in = Files.newInputStream(certificate)) {
                var store = KeyStore.getInstance("BKS");
                store.load(null, null);
                store.setCertificateEntry("mock", CertificateFactory.getInstance("X.509").generateCertificate(in));
                var out = new ByteArrayOutputStream();
                store.store(out, getKeyStorePassword().toCharArray());
                return new ByteArrayInputStream(out.toByteArray());
            } catch (IOException | GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String getKeyStorePassword() {
            return "mock";
        }
    }
}
