package dev.culvert.probe.capture;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * One frame of a capture file.
 *
 * @param number its place in the file, from 1
 * @param time when it was captured
 * @param linkType the number in the registry of link-layer header types
 * @param bytes what was captured of it, big-endian
 */
public record CapturedFrame(int number, Instant time, int linkType, ByteBuffer bytes) {}
