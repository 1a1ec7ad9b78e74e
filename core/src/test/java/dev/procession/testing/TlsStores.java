package dev.procession.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Key stores of some who trust each other, made by the JDK's keytool when they are first used.
 *
 * @param folder where they are
 */
public record TlsStores(Path folder) {
  private static final String PASSWORD = "password";

  /** For one who has a certificate for this machine's own name, and trusts one other. */
  public SSLContext context(String name, String trusted) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(load(store(name)), PASSWORD.toCharArray());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(load(trust(trusted)));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore load(Path file) throws Exception {
    return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
  }

  private Path store(String name) throws Exception {
    Path file = folder.resolve(name + ".p12");
    if (!Files.exists(file)) {
      keytool(
          "-genkeypair",
          "-alias",
          name,
          "-keyalg",
          "EC",
          "-dname",
          "CN=" + name,
          "-keystore",
          file.toString(),
          "-ext",
          "san=dns:localhost,ip:127.0.0.1");
      Path certificate = folder.resolve(name + ".cer");
      keytool("-exportcert", "-alias", name, "-keystore", "" + file, "-file", "" + certificate);
    }
    return file;
  }

  /** A store of the certificate only. */
  private Path trust(String name) throws Exception {
    Path _ = store(name);
    Path file = folder.resolve(name + "-trust.p12");
    if (!Files.exists(file)) {
      keytool(
          "-importcert",
          "-noprompt",
          "-alias",
          name,
          "-keystore",
          file.toString(),
          "-file",
          folder.resolve(name + ".cer").toString());
    }
    return file;
  }

  private static void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storepass", PASSWORD, "-storetype", "PKCS12"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(said);
    }
  }
}
