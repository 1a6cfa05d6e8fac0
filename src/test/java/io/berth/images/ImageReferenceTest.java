package io.berth.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageReferenceTest {

    private static final String DIGEST = "sha256:" + "ab".repeat(32);

    @Test
    void fillsInWhatIsLeftOut() {
        Map.of(
                        "busybox", "docker.io library/busybox latest",
                        "team/app:1", "docker.io team/app 1",
                        "docker.io/library/a/b", "docker.io library/a/b latest",
                        "localhost/app", "localhost app latest",
                        "host:5000/a/b:tag", "host:5000 a/b tag",
                        "Registry.Example.com/a", "registry.example.com a latest",
                        "[fd00::1]:5000/a", "[fd00::1]:5000 a latest")
                .forEach((text, parts) -> {
                    ImageReference reference = ImageReference.parse(text);
                    assertThat(reference.registry() + " " + reference.repository() + " " + reference.tag())
                            .as(text)
                            .isEqualTo(parts);
                });
    }

    @Test
    void readsWhatItWrites() {
        for (String text : List.of(
                "busybox:latest",
                "library/a/b:latest",
                "team/app:1",
                "host:5000/a/b:tag",
                "host:5000/a@" + DIGEST,
                "a:tag@" + DIGEST)) {
            assertThat(ImageReference.parse(text)).hasToString(text);
            assertThat(ImageReference.parse(ImageReference.parse(text).toString()))
                    .isEqualTo(ImageReference.parse(text));
        }
    }

    @Test
    void asksForTheDigestIfThereIsOne() {
        assertThat(ImageReference.parse("a:tag@" + DIGEST).manifest()).isEqualTo(DIGEST);
        assertThat(ImageReference.parse("a:tag").manifest()).isEqualTo("tag");
    }

    @Test
    void refusesWhatIsNoReference() {
        for (String text : List.of(
                "",
                "Upper",
                "a b",
                "a:",
                "a/",
                "/a",
                "a//b",
                "a@sha256:12",
                "a@md5:" + "ab".repeat(16),
                "../a",
                "a/../b",
                "http://host/a",
                "user@host.com/a",
                "a:tag:tag",
                "-a",
                "host:port/a",
                "a".repeat(300),
                "a\n",
                "a%2fb")) {
            assertThatThrownBy(() -> ImageReference.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
