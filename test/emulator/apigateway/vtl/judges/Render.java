import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;

/** Renders templates of Velocity: reads one a line, in base64, and writes what it gives, in base64, or `!` and the fault. */
public class Render {
  public static void main(String[] arguments) throws Exception {
    VelocityEngine engine = new VelocityEngine();
    engine.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
    engine.setProperty("velocimacro.library", "");
    engine.setProperty("velocimacro.permissions.allow.inline.local.scope", "true");
    engine.init();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String template = new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8);
      StringWriter out = new StringWriter();
      try {
        VelocityContext context = new VelocityContext();
        context.put("context", values());
        engine.evaluate(context, out, "template", template);
        System.out.println(Base64.getEncoder().encodeToString(out.toString().getBytes(StandardCharsets.UTF_8)));
      } catch (Throwable fault) {
        System.out.println("!" + String.valueOf(fault.getMessage()).replace('\n', ' '));
      }
    }
  }

  static Map<String, Object> values() {
    Map<String, Object> inner = new LinkedHashMap<>();
    inner.put("x", 1);
    inner.put("y", "two");
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("s", "Hello, World");
    values.put("empty", "");
    values.put("n", 7);
    values.put("zero", 0);
    values.put("big", 1790299471061L);
    values.put("d", 2.5);
    values.put("yes", true);
    values.put("no", false);
    values.put("map", inner);
    values.put("list", new ArrayList<Object>(Arrays.asList("a", "b", "c")));
    values.put("numbers", new ArrayList<Object>(Arrays.asList(1, 2, 3)));
    values.put("none", new ArrayList<Object>());
    values.put("nested", new LinkedHashMap<>(Map.of("map", inner)));
    return values;
  }
}
