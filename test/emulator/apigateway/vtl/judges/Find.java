import com.jayway.jsonpath.*;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

/** Finds what JSONPaths say in a document: reads that and then one path a line, all in base64, and writes what is found, as JSON in base64, `-` where nothing is, and `!` where a path cannot be read. */
public class Find {
  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String first = in.readLine();
    if (first == null) return;
    DocumentContext document = JsonPath.parse(decoded(first));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(found(document, decoded(line)));
    }
  }

  static String found(DocumentContext document, String path) {
    try {
      String json = Configuration.defaultConfiguration().jsonProvider().toJson(
        new ArrayList<Object>(Collections.singletonList(document.read(path))));
      return Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    } catch (PathNotFoundException nothing) {
      return "-";
    } catch (Throwable fault) {
      return "!";
    }
  }

  static String decoded(String line) {
    return new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8);
  }
}
